"""Deciding: does a network fit the instance, and does the source problem have a solution?"""
